# what: palindromes
def longest(s):
    best = ""
    for i in range(len(s)):
        for a, b in ((i, i), (i, i + 1)):
            while a >= 0 and b < len(s) and s[a] == s[b]:
                a, b = a - 1, b + 1
            best = max(best, s[a + 1 : b], key=len)
    return best


def is_palindrome(s):
    t = [c.lower() for c in s if c.isalnum()]
    return t == t[::-1]


(longest("babadxyzzyxd"), is_palindrome("A man, a plan, a canal: Panama"), is_palindrome("no"))
