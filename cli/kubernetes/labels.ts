/** Labels of the objects of a check (constructs/verification/pod-spec.ts). */
export const NAME = "app.kubernetes.io/name";
export const COMPONENT = "app.kubernetes.io/component";
/** Name of the check. */
export const INSTANCE = "app.kubernetes.io/instance";
/** What {@link NAME} says on each of them. */
export const CHECK_NAME = "multicast-check";
