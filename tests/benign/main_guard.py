# what: a program with a main function
# strict: yes
def main():
    data = [3, 1, 2]
    for i, x in enumerate(sorted(data), start=1):
        print(f"{i}. {x}")
    return len(data)


if __name__ == "__main__":
    count = main()
count
