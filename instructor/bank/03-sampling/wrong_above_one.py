"""남길 확률이 1을 넘게 둠"""
def sampling(counts, power, t):
    f = counts / counts.sum()
    return counts**power / (counts**power).sum(), np.sqrt(t / f) + t / f
