"""부호를 바꿈: 음수가 나옵니다"""
def gaussian_kl(mean, log_variance):
    return np.sum(0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)), axis=1)
