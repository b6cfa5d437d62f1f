"""t = 0이 b, t = 1이 a가 되도록 계수를 바꾸어 씀"""
def lerp(a, b, t):
    t = np.asarray(t)[:, None]
    return t * a + (1 - t) * b
