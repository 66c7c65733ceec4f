# what: a way out of a maze
from collections import deque

maze = ["S.#.....", "..#.###.", ".##.#...", "....#.#.", ".##...#E"]
start = (0, 0)
queue, came = deque([start]), {start: None}
while queue:
    r, c = at = queue.popleft()
    if maze[r][c] == "E":
        break
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        n = (r + dr, c + dc)
        if 0 <= n[0] < 5 and 0 <= n[1] < 8 and maze[n[0]][n[1]] != "#" and n not in came:
            came[n] = at
            queue.append(n)
path = []
while at:
    path.append(at)
    at = came[at]
(len(path) - 1, path[0], path[-1])
