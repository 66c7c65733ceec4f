# title: "How many functions has textwrap?" answered with a tool
# kind: llm
import ast

source = call_tool("read_source", {"module": "textwrap"})
tree = ast.parse(source)
functions = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
public = [name for name in functions if not name.startswith("_")]
print(f"textwrap defines {len(functions)} functions and methods, {len(public)} of them public.")
return {"answer": len(functions), "public": public}
