# what: reads the table of users
import pwd

{"escaped": len(pwd.getpwall()) > 0, "proof": "users"}
