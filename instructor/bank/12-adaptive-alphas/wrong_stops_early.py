"""이분을 세 번만 하고 멈춤"""
def adaptive_alphas(score, n):
    start, end = score(0), score(1)
    found = [0.0]
    for level in np.linspace(start, end, n)[1:-1]:
        low, high = 0.0, 1.0
        for _ in range(3):
            middle = (low + high) / 2
            if (score(middle) - level) * (end - start) < 0:
                low = middle
            else:
                high = middle
        found.append((low + high) / 2)
    return np.array(found + [1.0])
