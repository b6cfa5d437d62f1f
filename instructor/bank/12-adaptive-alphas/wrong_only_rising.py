"""점수가 오를 때만 맞음: 내리는 길에서 이분이 반대로 감"""
def adaptive_alphas(score, n):
    start, end = score(0), score(1)
    found = []
    for level in np.linspace(start, end, n)[1:-1]:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            if score(middle) < level:
                low = middle
            else:
                high = middle
        found.append((low + high) / 2)
    return np.array([0.0, *found, 1.0])
