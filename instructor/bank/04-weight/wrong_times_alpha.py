"""거듭제곱이 아니라 alpha를 곱함"""
def weight(x, x_max=100.0, alpha=0.75):
    return np.minimum(1.0, alpha * np.asarray(x) / x_max)
