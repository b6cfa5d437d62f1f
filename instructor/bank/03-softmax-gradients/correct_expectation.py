"""식 그대로: −u_c + 예측한 평균, 문맥마다 (p − 정답) v"""
def softmax_gradients(W, C, w, c):
    p = np.exp(C @ W[w])
    p = p / p.sum()
    answer = np.eye(len(C))[c]
    return -C[c] + p @ C, (p - answer)[:, None] * W[w][None, :]
