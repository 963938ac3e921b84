package io.drover.hostagent.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One thing an agent can be asked to do with one virtual machine. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AgentStep.StartVm.class, name = "start-vm"),
  @JsonSubTypes.Type(value = AgentStep.StopVm.class, name = "stop-vm"),
  @JsonSubTypes.Type(value = AgentStep.ResetVm.class, name = "reset-vm"),
  @JsonSubTypes.Type(value = AgentStep.PrepareIncoming.class, name = "prepare-incoming"),
  @JsonSubTypes.Type(value = AgentStep.PreCopy.class, name = "pre-copy"),
  @JsonSubTypes.Type(value = AgentStep.ReleaseDisks.class, name = "release-disks"),
  @JsonSubTypes.Type(value = AgentStep.TakeDisks.class, name = "take-disks"),
  @JsonSubTypes.Type(value = AgentStep.SwitchOver.class, name = "switch-over"),
  @JsonSubTypes.Type(value = AgentStep.ResumeIncoming.class, name = "resume-incoming"),
  @JsonSubTypes.Type(value = AgentStep.EndSource.class, name = "end-source"),
  @JsonSubTypes.Type(value = AgentStep.DropIncoming.class, name = "drop-incoming"),
  @JsonSubTypes.Type(value = AgentStep.TakeBack.class, name = "take-back"),
  @JsonSubTypes.Type(value = AgentStep.Inspect.class, name = "inspect"),
})
public sealed interface AgentStep extends AgentMessage {

  /**
   * Starts the machine from its disks; a copy of an older placement epoch that is still here is
   * killed first.
   */
  record StartVm(long placementEpoch) implements AgentStep {}

  /** Ends the machine and lets go of its disks; asks the guest first unless {@code force}. */
  record StopVm(boolean force) implements AgentStep {}

  /** Resets the machine as its reset button would. */
  record ResetVm() implements AgentStep {}

  /** Destination: attaches the disks as observer and starts a copy that waits for a stream. */
  record PrepareIncoming(long placementEpoch) implements AgentStep {}

  /** Source: copies memory to {@code uri} and answers when only the switch-over is left. */
  record PreCopy(String uri) implements AgentStep {}

  /** Source, stopped before the switch-over: flushes and gives up the leases. */
  record ReleaseDisks() implements AgentStep {}

  /** Destination: takes the leases, so that nobody else can write from here on. */
  record TakeDisks() implements AgentStep {}

  /** Source: sends the rest and answers when the whole stream has been sent. */
  record SwitchOver() implements AgentStep {}

  /** Destination, after the commit: lets the copy run and announces its address on the network. */
  record ResumeIncoming() implements AgentStep {}

  /** Source, after the commit: kills the old copy and detaches its disks. */
  record EndSource() implements AgentStep {}

  /** Destination, undoing: kills the copy that waits, gives up leases it took and detaches. */
  record DropIncoming() implements AgentStep {}

  /** Source, undoing: takes the leases back and lets the machine go on. */
  record TakeBack() implements AgentStep {}

  /** Says what copy of the machine is here; changes nothing. */
  record Inspect() implements AgentStep {}
}
