# title: Leaves by SystemExit and expects the host to follow
# kind: misuse
# expect: EXECUTION_ERROR
# timeout: 2
raise SystemExit(3)
