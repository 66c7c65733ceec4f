# what: the context that new contexts copy is changed
# batch: stains
import decimal

decimal.DefaultContext.prec = 5
decimal.setcontext(decimal.Context(prec=5))
# --- verify ---
import decimal

decimal.DefaultContext.prec == 28 and decimal.Context().prec == 28
