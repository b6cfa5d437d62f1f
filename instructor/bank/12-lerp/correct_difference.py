"""a에서 b로 가는 벡터를 t만큼 더함"""
def lerp(a, b, t):
    return a + np.asarray(t)[:, None] * (b - a)
