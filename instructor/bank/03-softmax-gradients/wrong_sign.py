"""손실이 아니라 로그 확률의 기울기(부호가 반대)"""
def softmax_gradients(W, C, w, c):
    p = np.exp(C @ W[w])
    p = p / p.sum()
    error = np.eye(len(C))[c] - p
    return error @ C, np.outer(error, W[w])
