"""점수와 되돌아갈 자리의 표"""
def best_cut(word, log_p):
    n = len(word)
    score, back = [0.0] + [-math.inf] * n, [0] * (n + 1)
    for j in range(1, n + 1):
        for i in range(j):
            value = score[i] + log_p.get(word[i:j], -math.inf)
            if value > score[j]:
                score[j], back[j] = value, i
    if score[n] == -math.inf:
        return []
    pieces, j = [], n
    while j > 0:
        pieces.insert(0, word[back[j]:j])
        j = back[j]
    return pieces
