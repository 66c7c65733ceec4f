# what: takes what a function that it was given closes over
cells = [cell.cell_contents for cell in call_tool.__closure__]
{"escaped": any(callable(value) for value in cells), "proof": [str(type(value)) for value in cells]}
