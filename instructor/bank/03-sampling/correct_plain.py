"""식 그대로"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    return counts**power / (counts**power).sum(), np.minimum(1, np.sqrt(t / f) + t / f)
