# what: takes what print() closes over
cells = [cell.cell_contents for cell in print.__closure__]
{"escaped": any(callable(value) for value in cells), "proof": len(cells)}
