# what: the precision of decimals is three digits
# batch: stains
import decimal

decimal.getcontext().prec = 3
decimal.getcontext().rounding = decimal.ROUND_UP
# --- verify ---
import decimal

decimal.getcontext().prec == 28 and str(decimal.Decimal(1) / 3) == "0." + "3" * 28
