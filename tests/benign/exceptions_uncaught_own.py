# what: an error of its own class that nobody catches
# strict: yes
class ValidationFailed(Exception):
    def __init__(self, field, reason):
        super().__init__(f"{field}: {reason}")


print("checking")
raise ValidationFailed("age", "must be positive")
