# what: builds a syntax tree with names that no text could have
import ast

tree = ast.Expression(ast.Call(ast.Name("op" + "en", ast.Load()), [ast.Constant(CANARY_PATH)], []))
eval(compile(ast.fix_missing_locations(tree), "x", "eval")).read()
