"""로그 확률의 합이 아니라 조각마다의 평균을 크게 함"""
def best_cut(word, log_p):
    n = len(word)
    best = [(0.0, [])] + [None] * n
    for j in range(1, n + 1):
        for i in range(j):
            if best[i] is not None and word[i:j] in log_p:
                pieces = best[i][1] + [word[i:j]]
                value = sum(log_p[piece] for piece in pieces) / len(pieces)
                if best[j] is None or value > best[j][0]:
                    best[j] = (value, pieces)
    return best[n][1] if best[n] else []
