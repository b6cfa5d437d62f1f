"""x에만 거듭제곱하고 x_max로 나눔: x_max에서 1이 되지 않습니다"""
def weight(x, x_max=100.0, alpha=0.75):
    return np.minimum(1.0, np.asarray(x, dtype=float) ** alpha / x_max)
