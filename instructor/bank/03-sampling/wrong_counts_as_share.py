"""몫이 아니라 횟수를 f로 씀"""
def sampling(counts, power, t):
    return counts**power / (counts**power).sum(), np.minimum(1, np.sqrt(t / counts) + t / counts)
