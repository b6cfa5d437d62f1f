"""x_max를 넘는 칸을 버림(무게 0): 자르는 것과 버리는 것은 다릅니다"""
def weight(x, x_max=100.0, alpha=0.75):
    x = np.asarray(x, dtype=float)
    return np.where(x < x_max, (x / x_max) ** alpha, 0.0)
