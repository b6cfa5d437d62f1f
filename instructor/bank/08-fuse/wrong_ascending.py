"""점수가 작은 것을 1등으로 셈"""
def fuse(first, second, k=60):
    ranks = [np.argsort(np.argsort(scores)) + 1 for scores in (first, second)]
    return 1 / (k + ranks[0]) + 1 / (k + ranks[1])
