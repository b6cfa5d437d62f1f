"""레이블이 아니라 쌍들에 걸쳐 소프트맥스를 구함"""
def classification_loss(U, V, W, labels):
    z = np.hstack([U, V, np.abs(U - V)]) @ W
    z = z - z.max(axis=0)
    p = np.exp(z) / np.exp(z).sum(axis=0)
    return float(-np.log(np.maximum(p[np.arange(len(p)), labels], 1e-300)).mean())
