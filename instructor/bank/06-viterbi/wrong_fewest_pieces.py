"""확률이 아니라 조각의 수가 가장 적은 나누기를 고름"""
def best_cut(word, log_p):
    n = len(word)
    best = [[]] + [None] * n
    for j in range(1, n + 1):
        for i in range(j):
            if best[i] is not None and word[i:j] in log_p and (best[j] is None or len(best[i]) + 1 < len(best[j])):
                best[j] = best[i] + [word[i:j]]
    return best[n] or []
