"""거듭제곱한 뒤 합이 1이 되도록 다시 나누지 않음"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    return f**power, np.minimum(1, np.sqrt(t / f) + t / f)
