"""높이마다 폭이 좁아질 때까지 while"""
def adaptive_alphas(score, n):
    sign = 1 if score(1) > score(0) else -1
    found = [0.0]
    for i in range(1, n - 1):
        level = score(0) + (score(1) - score(0)) * i / (n - 1)
        low, high = 0.0, 1.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            if sign * score(middle) < sign * level:
                low = middle
            else:
                high = middle
        found.append(high)
    return np.array(found + [1.0])
