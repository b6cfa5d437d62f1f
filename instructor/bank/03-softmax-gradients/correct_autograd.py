"""PyTorch의 자동 미분으로"""
import torch


def softmax_gradients(W, C, w, c):
    v, contexts = torch.tensor(W[w], requires_grad=True), torch.tensor(C, requires_grad=True)
    (torch.logsumexp(contexts @ v, 0) - contexts[c] @ v).backward()
    return v.grad.numpy(), contexts.grad.numpy()
