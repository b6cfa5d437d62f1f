"""argsort를 두 번"""
def fuse(first, second, k=60):
    ranks = [np.argsort(np.argsort(-scores)) + 1 for scores in (first, second)]
    return 1 / (k + ranks[0]) + 1 / (k + ranks[1])
