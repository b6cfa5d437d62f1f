"""조건으로 두 경우를 나눔"""
def weight(x, x_max=100.0, alpha=0.75):
    x = np.asarray(x, dtype=float)
    return np.where(x < x_max, (x / x_max) ** alpha, 1.0)
