"""손실이 남은 것을 모두 세미하드로 셈: 어려운 것이 두 번 들어감"""
def count_triplets(D, labels, margin):
    same = labels[:, None] == labels[None, :]
    valid = (same & ~np.eye(len(labels), dtype=bool))[:, :, None] & ~same[:, None, :]
    active = valid & (D[:, :, None] - D[:, None, :] + margin > 0)
    hard = valid & (D[:, None, :] <= D[:, :, None])
    return int((valid & ~active).sum()), int(active.sum()), int(hard.sum())
