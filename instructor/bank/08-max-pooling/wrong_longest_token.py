"""칸마다가 아니라 길이가 가장 긴 토큰 하나를 통째로 고름"""
def max_pooling(hidden, mask):
    lengths = np.where(mask == 1, np.linalg.norm(hidden, axis=2), -np.inf)
    return hidden[np.arange(len(hidden)), lengths.argmax(axis=1)]
