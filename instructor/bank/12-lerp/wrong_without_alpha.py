"""a의 계수를 줄이지 않음: 계수의 합이 1이 아님"""
def lerp(a, b, t):
    return a + np.asarray(t)[:, None] * b
