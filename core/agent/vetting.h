/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/helper-process.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* What a caller sends is decoded by a process of its own first, confined as the one that reads
 * files: whatever makes a decoder crash, hang or grow does so there. */

#define ISS_VETTING_OWN ISS_HELPER_PROCESS_OWN
#define ISS_VETTING_OPTION "--vet"

/* With the writers' lock held: others give up after 10. */
#define ISS_VETTING_SECONDS 8

/* Larger than anything that has a limit of its own */
#define ISS_VETTING_MAX_SIZE (17 * 1024 * 1024)

typedef enum
{
  ISS_VETTING_CERTIFICATE,
  ISS_VETTING_SEAL,             /* with the one certificate that it must be sealed to */
  ISS_VETTING_SIGNED,           /* with those who may have signed it */
  ISS_VETTING_ADMINISTRATORS,   /* signed by whoever it says */
  ISS_VETTING_N_KINDS
} IssVettingKind;

gboolean    iss_vetting_ask    (const char      *program,
                                IssVettingKind   kind,
                                GBytes          *message,
                                GPtrArray       *certificates,
                                GCancellable    *cancellable,
                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and then what it is for, in one go */
IssCertificate *iss_vetting_read_certificate (const char      *program,
                                              GBytes          *der,
                                              GCancellable    *cancellable,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IssSecret      *iss_vetting_open_seal        (const char      *program,
                                              GBytes          *sealed,
                                              IssCertificate  *recipient,
                                              IssPrivateKey   *key,
                                              GCancellable    *cancellable,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;

IssSecret  *iss_vetting_pack   (IssVettingKind   kind,
                                GBytes          *message,
                                GPtrArray       *certificates) G_GNUC_WARN_UNUSED_RESULT;
/* in the process that decodes */
gboolean    iss_vetting_answer (IssSecret       *request,
                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
