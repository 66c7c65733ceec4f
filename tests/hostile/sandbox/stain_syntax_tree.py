# what: changes a class of the syntax tree
import ast

ast.Expr.stained = True
None
# --- verify ---
import ast

not hasattr(ast.Expr, "stained")
