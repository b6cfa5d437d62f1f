"""argsort 한 번의 결과를 순위로 씀"""
def fuse(first, second, k=60):
    return 1 / (k + np.argsort(-first) + 1) + 1 / (k + np.argsort(-second) + 1)
