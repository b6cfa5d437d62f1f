"""numpy로"""
def cosine(u, v):
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
