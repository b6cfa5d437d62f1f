"""레이블을 보지 않고 다른 글을 모두 부정으로 씀"""
def count_triplets(D, labels, margin):
    positive = (labels[:, None] == labels[None, :]) & ~np.eye(len(labels), dtype=bool)
    off = ~np.eye(len(labels), dtype=bool)
    valid = positive[:, :, None] & off[:, None, :] & off[None, :, :]
    hard = valid & (D[:, None, :] <= D[:, :, None])
    easy = valid & (D[:, None, :] >= D[:, :, None] + margin)
    return int(easy.sum()), int((valid & ~hard & ~easy).sum()), int(hard.sum())
