"""외적 두 개의 합"""
def lerp(a, b, t):
    t = np.asarray(t)
    return np.outer(1 - t, a) + np.outer(t, b)
