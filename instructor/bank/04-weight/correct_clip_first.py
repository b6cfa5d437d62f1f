"""횟수를 x_max에서 먼저 자르고 거듭제곱"""
def weight(x, x_max=100.0, alpha=0.75):
    return np.power(np.clip(x, 0, x_max) / x_max, alpha)
