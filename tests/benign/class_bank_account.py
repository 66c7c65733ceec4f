# what: a class with methods and an error of its own
# strict: yes
class InsufficientFunds(Exception):
    pass


class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance, self.history = owner, balance, []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(f"{self.owner} has only {self.balance}")
        self.balance -= amount
        self.history.append(("withdraw", amount))


account = Account("Ada", 100)
account.deposit(50)
try:
    account.withdraw(500)
except InsufficientFunds as error:
    print("refused:", error)
account.withdraw(30)
return {"balance": account.balance, "history": account.history}
