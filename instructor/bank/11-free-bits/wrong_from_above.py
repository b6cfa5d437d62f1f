"""아래가 아니라 위를 자름: KL이 커지지 못하게 합니다"""
def free_bits(kl, nats):
    return np.minimum(kl.mean(axis=0), nats).sum()
