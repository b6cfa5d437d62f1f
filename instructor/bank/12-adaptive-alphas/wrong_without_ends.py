"""두 끝(0과 1)을 빠뜨림"""
def adaptive_alphas(score, n):
    start, end = score(0), score(1)
    found = []
    for level in np.linspace(start, end, n)[1:-1]:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            if (score(middle) - level) * (end - start) < 0:
                low = middle
            else:
                high = middle
        found.append((low + high) / 2)
    return np.array(found)
