"""높이를 두 끝의 점수 사이가 아니라 0과 1 사이에서 나눔"""
def adaptive_alphas(score, n):
    rising = score(1) > score(0)
    found = []
    for level in np.linspace(0, 1, n)[1:-1]:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            if (score(middle) < level) == rising:
                low = middle
            else:
                high = middle
        found.append((low + high) / 2)
    return np.array([0.0, *found, 1.0])
